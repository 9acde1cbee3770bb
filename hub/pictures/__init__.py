"""Pictures of what villages tell: data in, shapes and SVG text out. Pure."""
