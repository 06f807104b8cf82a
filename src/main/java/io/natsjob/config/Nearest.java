package io.natsjob.config;

import java.util.Collection;
import java.util.Locale;

/** The known word that was probably meant. */
public final class Nearest {
    private static final int WORD_MAX_CHARS = 80;

    private Nearest() {}

    /** {@code ", did you mean X?"} where a known word is at most a quarter of its letters and three away, else an empty text. */
    public static String hint(String word, Collection<String> known) {
        if (word.length() > WORD_MAX_CHARS) {
            return "";
        }
        String best = "";
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance = distance(word.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < least && distance <= Math.clamp(candidate.length() / 4, 1, 3)) {
                best = candidate;
                least = distance;
            }
        }
        return best.isEmpty() ? "" : ", did you mean " + best + "?";
    }

    /** Letters to insert, delete or replace to get from one word to the other. */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
