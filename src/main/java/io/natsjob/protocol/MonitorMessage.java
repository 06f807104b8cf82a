package io.natsjob.protocol;

import io.natsjob.job.RunNames;

/**
 * What listeners of an app are told of an answer or a step with a {@code monitorStatus} (docs/protocol.md): JSON in UTF-8, the original's
 * fields in the original's order.
 *
 * @param subTaskId the step's own id; of an answer for a part of a broadcast its sub-id, of any other answer empty
 * @param status    the state that the answer or step gives
 * @param createdAt of an answer the sending of its job, as {@link WireTime#text}; of a step when NATS took it, as {@link WireTime#seconds}
 */
public record MonitorMessage(long taskId, String subTaskId, RunNames names, String status, String reason, String monitorStatus, String monitorPayload,
        String createdAt) {
    /** Bytes of a message without its texts, roughly: what the buffer starts with. */
    private static final int USUAL_LENGTH = 320;

    /** The payload. Lone surrogates in a text become {@code ?}. */
    public byte[] json() {
        JsonText out = new JsonText(USUAL_LENGTH + reason.length() + monitorPayload.length());
        out.string("taskId", Long.toString(taskId));
        out.string("subTaskId", subTaskId);
        out.string("status", status);
        out.string("reason", reason);
        out.string("monitorStatus", monitorStatus);
        out.string("monitorPayload", monitorPayload);
        out.string("createAt", createdAt);
        out.string("namespace", names.namespace());
        out.string("appName", names.app());
        out.string("jobName", names.job());
        return out.end();
    }
}
