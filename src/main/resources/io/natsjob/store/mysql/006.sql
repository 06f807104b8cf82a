-- The newest skip of a job is found by its reason, without a look at every hour. Under its old name, so that a repetition is harmless.
ALTER TABLE natsjob_tally DROP INDEX natsjob_tally_job, ADD INDEX natsjob_tally_job (job_id, outcome, hour);
