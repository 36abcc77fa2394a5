"""The demo merchant's files: what the world looks like through the exports of platforms, ERP and workbooks."""
