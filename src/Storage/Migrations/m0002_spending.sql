-- What each run has spent and holds reserved, by day: ceilings above a run are kept over all rows of a day.
CREATE TABLE spending (
    tenant        TEXT    NOT NULL,
    day           INTEGER NOT NULL,
    person        TEXT    NOT NULL,
    run           BLOB    NOT NULL,
    nano_dollars  INTEGER NOT NULL,
    input_tokens  INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    tool_calls    INTEGER NOT NULL,
    egress_bytes  INTEGER NOT NULL,
    processes     INTEGER NOT NULL,
    PRIMARY KEY (tenant, day, person, run),
    FOREIGN KEY (tenant, run) REFERENCES run (tenant, run)
) STRICT, WITHOUT ROWID;

CREATE INDEX spending_by_run ON spending (tenant, run, day);
