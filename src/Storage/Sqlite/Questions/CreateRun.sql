INSERT INTO run (head_sequence, head, status, reason, proof, goal, updated_at, cost_dollars, tokens, turns, wake_at,
                 head_position, tenant, run, wrapped_key, workspace, created_at, idempotency_key, session)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
