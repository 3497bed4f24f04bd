"""Turns the pages of a JSON list of [address, HTML] into Markdown; prints the seconds that took, and the texts."""

import json
import sys
import time

import trafilatura

with open(sys.argv[1], encoding="utf-8") as file:
    pages = json.load(file)
began = time.perf_counter()
texts = [
    trafilatura.extract(
        html, url=url, output_format="markdown", include_formatting=True, include_links=True, include_tables=True,
        include_images=True, favor_recall=True,
    )
    or ""
    for url, html in pages
]
seconds = time.perf_counter() - began
json.dump([seconds, texts], sys.stdout)
