UPDATE run
SET head_sequence = ?1, head = ?2, status = ?3, reason = ?4, proof = ?5, goal = ?6, updated_at = ?7,
    cost_dollars = ?8, tokens = ?9, turns = ?10, wake_at = ?11, head_position = ?12
WHERE tenant = ?13 AND run = ?14
