SELECT tenant, run, wrapped_key, workspace, created_at, head_sequence, head,
       status, reason, proof, goal, updated_at, cost_dollars, tokens, turns, wake_at, session
FROM run
WHERE tenant = ?1 AND run = ?2
