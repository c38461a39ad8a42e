INSERT INTO spending (tenant, run, day, person,
    nano_dollars, input_tokens, output_tokens, tool_calls, egress_bytes, processes)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT (tenant, day, person, run) DO UPDATE SET
    nano_dollars = excluded.nano_dollars, input_tokens = excluded.input_tokens,
    output_tokens = excluded.output_tokens, tool_calls = excluded.tool_calls,
    egress_bytes = excluded.egress_bytes, processes = excluded.processes
