"""How static files are named and packed."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Names carry a digest of the contents, so browsers may keep them for good; a packed copy lies beside each."""

    support_js_module_import_aggregation = True
