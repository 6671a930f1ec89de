"""The chain rule over the benchmark data in DuckDB, in the fastest form we found: only the fields it needs, typed.

    python duckdb_chain.py FOLDER_WITH_audit.ndjson_AND_completions.ndjson

Prints how many rows the join gives. `compare.py` runs it next to our own program.
"""

import sys

import duckdb

folder = sys.argv[1]
end = "TIMESTAMP '2026-06-08 00:00:00'"
db = duckdb.connect()
db.execute("SET threads = 2")
rows = db.execute(
    f"""
WITH changes AS (
    SELECT effective_at AS at, type, lower(actor.session.user.email) AS email,
           actor.session.ip_address AS ip
    FROM read_json('{folder}/audit.ndjson', format = 'newline_delimited', columns = {{
        type: 'VARCHAR', effective_at: 'BIGINT',
        actor: 'STRUCT(session STRUCT(user STRUCT(email VARCHAR), ip_address VARCHAR))'}})
    WHERE effective_at > epoch({end}) - 86400 AND effective_at <= epoch({end})
      AND regexp_matches(lower(type),
        '(^|[^a-z0-9])(settings|organization\\.updated|logging|retention|role|user\\.added|invite|service_account\\.created|api_key\\.created|project\\.created)($|[^a-z0-9])')
      AND coalesce(actor.session.user.email, '') <> ''
), signals AS (
    SELECT created AS at, lower(input_user) AS email, model, choices[1].finish_reason AS reason, request_id
    FROM read_json('{folder}/completions.ndjson', format = 'newline_delimited', columns = {{
        created: 'BIGINT', input_user: 'VARCHAR', model: 'VARCHAR', request_id: 'VARCHAR',
        choices: 'STRUCT(finish_reason VARCHAR)[]'}})
    WHERE created > epoch({end}) - 86400 AND created <= epoch({end})
      AND choices[1].finish_reason IN ('content_filter', 'length')
      AND coalesce(input_user, '') <> ''
)
SELECT c.at, c.type, c.email, c.ip, s.at, s.model, s.reason, s.request_id
FROM changes c JOIN signals s USING (email)
WHERE s.at BETWEEN c.at AND c.at + 86400
ORDER BY c.at DESC
"""
).fetchall()
print(len(rows), "rows")
