package io.natsjob.dispatch;

import io.natsjob.job.Fire;
import io.natsjob.job.RunTrigger;

/**
 * A message ready to go.
 *
 * @param fire    with the job as it is sent
 * @param run     null for lite and plus
 * @param part    whether this is one of several messages that start the run: what becomes of it decides nothing alone
 * @param outcome who is told what became of it
 * @param id      identifies the message for de-duplication by the stream (docs/rules.md 16)
 * @param sentAt  epoch milliseconds of the first try
 * @param resultKey under which the worker answers this message; null for lite and plus
 */
record Outgoing(Fire fire, OpenRun run, boolean part, Outcome outcome, String id, String subject, byte[] payload, long sentAt, String resultKey) {
    /** Epoch milliseconds from which its lateness counts. One that is made up is late by nature: it was due when it was admitted. */
    long dueAt() {
        return fire.trigger() == RunTrigger.MISFIRE ? sentAt : fire.fireAt();
    }

    /** The run that this message alone starts; null where there is none, or it is only a part of it. */
    OpenRun whole() {
        return part ? null : run;
    }
}
