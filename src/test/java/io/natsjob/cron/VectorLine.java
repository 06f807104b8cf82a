package io.natsjob.cron;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One line of cron.tsv; its head describes the columns. */
record VectorLine(int number, String expression, String zone, long from, String answer) {
    static final int FIRES_MAX = 5;

    boolean isError() {
        return answer.equals("error");
    }

    /** Up to five fires, epoch milliseconds; fewer mean that no more come. */
    List<Long> fires() {
        return answer.equals("never") ? List.of() : Arrays.stream(answer.split(",")).map(Long::valueOf).toList();
    }

    /** The name that decides the zone: the prefix's, else column 2. */
    String zoneName() {
        if (expression.startsWith("TZ=") || expression.startsWith("CRON_TZ=")) {
            int space = expression.indexOf(' ');
            return expression.substring(expression.indexOf('=') + 1, space < 0 ? expression.length() : space);
        }
        return zone;
    }

    @Override
    public String toString() {
        return "line " + number + ": \"" + expression + "\" in " + zone + " from " + from;
    }

    /** All lines by class, in the order of the file. */
    static Map<String, List<VectorLine>> byClass() throws IOException {
        Map<String, List<VectorLine>> classes = new LinkedHashMap<>();
        try (InputStream in = VectorLine.class.getResourceAsStream("/cron/cron.tsv");
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            List<VectorLine> current = null;
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.startsWith("## ")) {
                    current = classes.computeIfAbsent(line.substring(3), name -> new ArrayList<>());
                } else if (!line.startsWith("#")) {
                    current.add(parse(number, line));
                }
            }
        }
        return classes;
    }

    private static VectorLine parse(int number, String line) {
        String[] columns = line.split("\t", -1);
        return new VectorLine(number, unescape(columns[0]), columns[1], Long.parseLong(columns[2]), columns[3]);
    }

    private static String unescape(String escaped) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char kind = escaped.charAt(++i);
            switch (kind) {
                case '\\' -> out.append('\\');
                case 't' -> out.append('\t');
                case 'n' -> out.append('\n');
                case 'r' -> out.append('\r');
                case 'v' -> out.append('\u000b');
                case 'f' -> out.append('\f');
                case 'u' -> {
                    out.append((char) Integer.parseInt(escaped.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> throw new IllegalArgumentException("unknown escape \\" + kind);
            }
        }
        return out.toString();
    }
}
