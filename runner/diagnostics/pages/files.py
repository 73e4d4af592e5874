"""R290 and R550: a person's own files as data."""

from runner.diagnostics.codes import Page

PAGES = [
    Page(
        code="R290",
        title="data outside the recipe's folder",
        what="""A path of the data leads out of the folder of the recipe, directly or by a link, and
        the folder that it leads to was not allowed with --root.""",
        why="""A recipe may come from anybody. It may read only what is in its own folder, or in one that you allow with
        --root.""",
        bad="data: {source: csv, files: ../../secret/people.csv, target: age}",
        good="data: {source: csv, files: people.csv, target: age}",
    ),
    Page(
        code="R550",
        title="data at an address",
        what="""The data is at an address, and there is no copy on this machine. Addresses are https://, s3:// and gs://,
        each of one file, without user, password or query.""",
        why="""A recipe may come from anybody, so nothing is fetched unless the person who runs it says --allow-network.
        A copy stays in the cache and is used without it; what a run trains on is compared by its content.""",
        bad="data: {source: csv, files: 'http://example.org/people.csv', target: age}",
        good="data: {source: csv, files: 'https://example.org/people.csv', target: age}",
    ),
]
