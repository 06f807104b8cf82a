package io.natsjob.store;

import java.util.List;

/**
 * What a URL says, split and decoded, not yet judged.
 *
 * @param hosts    at least one
 * @param database empty where none is named
 * @param login    user and password, either may be empty
 * @param options  in the order of the text
 */
record UrlParts(List<ServerHost> hosts, String database, DatabaseLogin login, List<UrlOption> options) {
    /** An option as written; its value is never shown. */
    record UrlOption(String name, String value) {
        @Override
        public String toString() {
            return name + "=***";
        }
    }
}
