package io.natsjob.store;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * An option that a URL may have.
 *
 * @param name     as people write it; read in any case
 * @param words    the allowed values in words
 * @param property the driver's property that it becomes, empty where it has no effect
 * @param value    allowed text to the property's value, null for a text that is not allowed
 * @param reason   why it is accepted, or why it has no effect
 */
record OptionRule(String name, String words, String property, UnaryOperator<String> value, String reason) {
    /** The property that stands for the name of a schema; no driver sees it under this name. */
    static final String SCHEMA = "(schema)";

    /** An option that changes nothing, whatever its value. */
    static OptionRule ignored(String name, String reason) {
        return new OptionRule(name, "any", "", text -> text, reason);
    }

    /** An option that changes nothing but whose value must agree with what is done anyway. */
    static OptionRule agreed(String name, String words, String pattern, String reason) {
        return new OptionRule(name, words, "", text -> text.toLowerCase(Locale.ROOT).matches(pattern) ? text : null, reason);
    }

    static OptionRule passed(String name, String words, String property, UnaryOperator<String> value, String reason) {
        return new OptionRule(name, words, property, value, reason);
    }

    /** By name in lower case, in the order given. */
    static Map<String, OptionRule> table(OptionRule... rules) {
        Map<String, OptionRule> table = new LinkedHashMap<>();
        for (OptionRule rule : rules) {
            if (table.put(rule.name().toLowerCase(Locale.ROOT), rule) != null) {
                throw new IllegalStateException("two rules for option " + rule.name());
            }
        }
        return table;
    }
}
