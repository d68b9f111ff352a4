"""A file a section of the page; `page.SECTIONS` has their order. A new way of teaching adds one."""
