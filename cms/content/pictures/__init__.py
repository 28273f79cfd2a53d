"""Pictures in the sizes and formats that readers get; nothing here knows of pages."""
