package io.natsjob.job;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** A constant that has one spelling in the API, on the wire and in the database. Spellings are case-sensitive. */
public interface Word {
    /** The spelling. */
    String word();

    /** The constant spelt {@code word}, or nothing. */
    static <E extends Enum<E> & Word> Optional<E> find(Class<E> type, String word) {
        return Arrays.stream(type.getEnumConstants()).filter(e -> e.word().equals(word)).findFirst();
    }

    /** The constant that a row of ours names; a word that is not there means a corrupt or newer database. */
    static <E extends Enum<E> & Word> E stored(Class<E> type, String word) {
        return find(type, word).orElseThrow(() -> new IllegalStateException("unknown " + type.getSimpleName() + " '" + word + "' in the database"));
    }

    /** All spellings, for messages: {@code a|b|c}. */
    static <E extends Enum<E> & Word> String all(Class<E> type) {
        return Arrays.stream(type.getEnumConstants()).map(Word::word).collect(Collectors.joining("|"));
    }
}
