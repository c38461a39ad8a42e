-- From the head back to a sequence. An entry counts only where it belongs: next to the one that names it.
WITH RECURSIVE chain (position, sequence, previous) AS (
    SELECT position, sequence, previous
    FROM event
    WHERE position = ?1 AND sequence = ?2 AND +tenant = ?3 AND +run = ?4
    UNION ALL
    SELECT earlier.position, earlier.sequence, earlier.previous
    FROM chain
    CROSS JOIN event AS earlier ON earlier.position = chain.previous
    WHERE chain.sequence > ?5
      AND earlier.sequence = chain.sequence - 1 AND +earlier.tenant = ?3 AND +earlier.run = ?4
)
SELECT position, sequence FROM chain
