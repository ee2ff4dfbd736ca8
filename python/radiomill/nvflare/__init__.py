"""NVIDIA FLARE as carrier of studies, summaries and rounds: `site` runs at each hospital, `hub` at the server.

What they run stands in radiomill.json of the machine they run on (`local`), never in the job. `radiomill nvflare kit`
(_nvflare_kit.py) writes all files that a network needs.
"""
