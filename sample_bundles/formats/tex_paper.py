"""A small paper in LaTeX, with a part of its own."""

PAPER = r"""\documentclass{article}
\newcommand{\ours}{Tiny-Formats}
\title{\ours: A Small Model Trained in the Open} % the title names the model
\begin{document}
\maketitle
\begin{abstract}
We present \ours, which was trained on $3$B tokens of public text.
\end{abstract}
\section{Introduction}
Other models do not say what they were trained on~\citep{others}.
\section{Training Data}
\label{sec:data}
We collected text from Wikipedia\footnote{\url{https://dumps.wikimedia.org/enwiki/20230301}} and from
\href{https://huggingface.co/datasets/example/books}{a set of books}.
\begin{table}
\begin{tabular}{lrr}
\toprule
Source & Tokens & Share \\
\midrule
Wikipedia & 2B & 67\% \\
Books & 1B & 33\% \\
\bottomrule
\end{tabular}
\end{table}
\paragraph{Filtering.} Documents with fewer than 100 words were removed, and MinHash found near-duplicates.
\input{sections/evaluation}
\bibliography{references}
\end{document}
"""
PART = "\\section{Evaluation}\nWe evaluate on public benchmarks.\n"
FILES = {"paper.tex": PAPER, "sections/evaluation.tex": PART}
