SELECT coalesce(sum(nano_dollars), 0), coalesce(sum(input_tokens), 0), coalesce(sum(output_tokens), 0),
    coalesce(sum(tool_calls), 0), coalesce(sum(egress_bytes), 0), coalesce(sum(processes), 0)
FROM spending WHERE tenant = ?1 AND day = ?2
