"""Records of archives and catalogues with a licence in them."""

import json

FILES = {
    "codemeta.json": json.dumps({"@context": "https://w3id.org/codemeta/3.0", "name": "tiny", "license": "https://spdx.org/licenses/MIT"}),
    ".zenodo.json": json.dumps({"title": "tiny", "license": {"id": "mit-license"}}),
    "data/croissant.json": json.dumps({"conformsTo": "http://mlcommons.org/croissant/1.0", "name": "tiny", "license": "cc-by-4.0"}),
}
