package io.natsjob.nats;

import io.nats.client.AuthenticationException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** What NATS and its client report, in words that say what to do. */
final class Plain {
    static final String JETSTREAM_OFF = "JetStream is off on this NATS server: start nats-server with -js, or set jetstream in its configuration";
    static final String SUBSCRIPTION_REFUSED = "NATS refuses this login a subscription that answers come by: allow it to subscribe to _INBOX.>";
    private static final String PUBLISH_REFUSED = "NATS refuses this login to publish on %s: allow it to publish on natsjob.> and natsjob-void.>";
    private static final Pattern LOGIN = Pattern.compile("//[^@/\\s]*@");

    private Plain() {}

    /** @param seen what the client reported while it tried, or null */
    static String connect(Exception failure, Exception seen, List<String> servers) {
        String where = String.join(", ", servers);
        if (failure instanceof AuthenticationException || text(failure).contains("Authorization Violation")) {
            return "NATS refuses the login at " + where + ": wrong user, password or token";
        }
        return switch (seen == null ? failure : seen) {
            case UnknownHostException e -> "the host name of NATS is not known: " + where;
            case ConnectException e -> "NATS does not answer at " + where + ": is nats-server running there?";
            case SocketTimeoutException e -> "NATS does not answer in time at " + where;
            case TimeoutException e -> "NATS does not answer in time at " + where;
            case Exception e -> "no connection to NATS at " + where + ": " + masked(text(e));
        };
    }

    /** JetStream's refusal of {@code what}. */
    static String refusal(String what, int code, String description) {
        String meaning = switch (code) {
            case 503 -> JETSTREAM_OFF + " (or this login has no right to ask)";
            case 10039 -> "JetStream is off for this login's account: enable it in the account";
            case 10076 -> JETSTREAM_OFF;
            case 10008, 10009 -> "the NATS cluster has no JetStream leader at the moment; tried again";
            case 10005, 10023 -> "the NATS cluster has not enough servers with JetStream and room for it";
            case 10026, 10027 -> "the account may not have more streams or consumers: raise its limit";
            case 10028 -> "the account's storage is used up: raise its limit or remove streams";
            case 10047 -> "the server's storage is used up: raise max_file_store or remove streams";
            case 10052 -> "NATS does not take these settings";
            case 10058 -> "it exists with other settings";
            case 10059 -> "it does not exist";
            case 10065 -> "another stream already takes these subjects: remove it or use an account of its own";
            case 10074 -> "this NATS server is not in a cluster, so it keeps one replica only: set NATSJOB_NATS_REPLICAS to auto or 1";
            case 10113 -> "the account demands a size for every stream: switch max_bytes_required off";
            default -> "NATS refuses";
        };
        return what + ": " + meaning + " (" + code + (description == null ? "" : ", " + masked(description)) + ")";
    }

    /** The refusal of what is published on {@code subject}; null: none. */
    static String publishRefused(String subject) {
        return subject == null ? null : PUBLISH_REFUSED.formatted(subject);
    }

    /** {@code text} without logins in URLs. */
    static String masked(String text) {
        return LOGIN.matcher(text).replaceAll("//");
    }

    private static String text(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
