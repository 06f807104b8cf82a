package io.natsjob.store;

/** What is wrong with NATSJOB_DB_URL, in words that hold no value of it: any part of a text read wrongly may be the password. */
final class BadUrl extends Exception {
    private static final long serialVersionUID = 1L;

    BadUrl(String reason) {
        super(reason);
    }
}
