"""Records of archives and catalogues with a licence in them."""

import json

FILES = {
    "codemeta.json": json.dumps({"@context": "https://w3id.org/codemeta/3.0", "name": "tiny", "license": "https://spdx.org/licenses/MIT"}),
    ".zenodo.json": json.dumps({"title": "tiny", "license": {"id": "mit-license"}}),
}
