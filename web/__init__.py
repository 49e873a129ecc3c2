"""The faces: pages, JSON and the command line. They parse, call one service and render."""
