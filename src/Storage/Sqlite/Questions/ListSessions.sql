-- What was erased is not listed: there is nothing left to go on with.
SELECT line.session, coalesce(
           (SELECT later.run FROM run AS later
            WHERE later.tenant = ?1 AND later.session = line.session
            ORDER BY later.created_at DESC, later.run DESC LIMIT 1),
           line.session),
       line.runs, line.began_at, line.updated_at,
       (SELECT sealed FROM session_name WHERE tenant = ?1 AND session_name.session = line.session)
FROM (SELECT coalesce(session, run) AS session, count(*) AS runs, min(created_at) AS began_at,
             max(updated_at) AS updated_at
      FROM run
      WHERE tenant = ?1 AND (?2 IS NULL OR workspace = ?2) AND length(wrapped_key) > 0
      GROUP BY coalesce(session, run)) AS line
ORDER BY line.updated_at DESC, line.session
LIMIT ?3
