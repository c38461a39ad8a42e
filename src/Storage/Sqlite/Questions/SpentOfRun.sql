SELECT nano_dollars, input_tokens, output_tokens, tool_calls, egress_bytes, processes, day, person
FROM spending WHERE tenant = ?1 AND run = ?2 ORDER BY day DESC
