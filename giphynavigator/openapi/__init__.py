"""What this service can be asked, as a document for programs and as a page."""
