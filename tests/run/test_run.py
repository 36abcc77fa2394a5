from reportkit.run import run_pack
def test_a(project):
    r = run_pack(project, "good", "2025-11")
    print(r)
    import json
    print(r.manifest.read_text()[:6000])
    assert r.ok
