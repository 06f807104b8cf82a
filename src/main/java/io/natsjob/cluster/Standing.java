package io.natsjob.cluster;

/**
 * Where a server stands with the lease.
 *
 * @param kind   what is the case
 * @param detail for the log and for people who may log in; may name a server or a namespace
 */
public record Standing(Kind kind, String detail) {
    public String words() {
        return kind.words;
    }

    /** Each with words that say nothing of names and addresses, for everybody. */
    public enum Kind {
        LEADS("this server leads"),
        FOLLOWS("another server leads"),
        FREE("no server leads at the moment"),
        NO_NATS("this server does not lead: NATS does not answer about the lease"),
        NO_DATABASE("this server does not lead: its database does not answer"),
        CLOCK("this server does not lead: its clock is off"),
        OTHER_GROUP("this server does not lead: another group of servers, of another namespace, leads on this NATS account"),
        OTHER_DATABASE("this server does not lead: a server with another database leads on this NATS account");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }

        /** Somebody has to do something about it. */
        boolean problem() {
            return this == CLOCK || this == OTHER_GROUP || this == OTHER_DATABASE;
        }
    }
}
