package io.natsjob.architecture;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Who may use whom. Looks at every full name in the code, so that one written out in place of an import counts too. */
final class PackageTest {
    /** Besides the JDK and {@code log}, which all may use. The root package may use all. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            entry("cron", Set.of()),
            entry("job", Set.of("cron")),
            entry("trigger", Set.of("cron", "job", "cluster", "store", "time")),
            entry("dispatch", Set.of("job", "protocol", "nats", "cluster", "store", "time")),
            entry("result", Set.of("job", "protocol", "nats", "cluster", "store", "dispatch", "time")),
            entry("store", Set.of("job", "time")),
            entry("cluster", Set.of("protocol", "nats", "store", "time")),
            entry("web", Set.of("cron", "job", "store", "time", "json")),
            entry("protocol", Set.of("job", "json")),
            entry("nats", Set.of("protocol", "time")),
            entry("demo", Set.of()),
            entry("time", Set.of()),
            entry("json", Set.of()),
            entry("config", Set.of()),
            entry("log", Set.of()));

    /** Where a library, or a part of the JDK, may be used. */
    private static final Map<String, Set<String>> ONLY_IN = Map.of(
            "java.sql.", Set.of("store"),
            "org.sqlite.", Set.of("store"),
            "io.nats.", Set.of("nats", "demo"),
            "com.sun.net.httpserver.", Set.of("web"),
            "com.eclipsesource.json.", Set.of("json", "protocol", "web", "demo"),
            "org.yaml.snakeyaml.", Set.of("config"));

    private static final Pattern OURS = Pattern.compile("\\bio\\.natsjob\\.([a-z]+)\\.[A-Z]");
    private static final Pattern ROOT = Pattern.compile("\\bio\\.natsjob\\.[A-Z]");
    private static final Pattern DOC_ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\|[^|]*\\| ([^|]*) \\|$");

    @Test
    void a_package_uses_only_those_that_the_table_allows() {
        List<String> wrong = new ArrayList<>();
        uses().forEach((from, to) -> to.forEach(used -> {
            if (!used.equals("log") && !MAY_USE.getOrDefault(from, Set.of()).contains(used)) {
                wrong.add(from + " uses " + used);
            }
        }));
        assertEquals(List.of(), wrong);
    }

    @Test
    void packages_do_not_use_each_other_in_a_circle() {
        Map<String, Set<String>> left = new TreeMap<>(uses());
        boolean removed = true;
        while (removed) {
            Set<String> open = Set.copyOf(left.keySet());
            removed = left.entrySet().removeIf(each -> each.getValue().stream().noneMatch(open::contains));
        }
        assertEquals(Map.of(), left);
    }

    @Test
    void nothing_uses_the_root_package() {
        assertEquals(List.of(), places(ROOT, file -> true));
    }

    @Test
    void each_library_stays_in_its_package() {
        List<String> wrong = new ArrayList<>();
        ONLY_IN.forEach((library, homes) ->
                wrong.addAll(places(Pattern.compile("(?<![\\w.])" + Pattern.quote(library)), file -> !homes.contains(Sources.packageOf(file)))));
        assertEquals(List.of(), wrong);
    }

    @Test
    void the_architecture_page_shows_the_same_table() {
        Map<String, Set<String>> shown = new TreeMap<>();
        Matcher rows = DOC_ROW.matcher(Sources.text(Path.of("docs/architecture.md")));
        while (rows.find()) {
            if (MAY_USE.containsKey(rows.group(1))) {
                shown.put(rows.group(1), rows.group(2).equals("-") ? Set.of() : Set.of(rows.group(2).split(", ")));
            }
        }
        assertEquals(new TreeMap<>(MAY_USE), shown);
    }

    @Test
    void every_package_is_in_the_table_and_says_what_it_guarantees() {
        Set<String> packages = new TreeSet<>();
        Sources.java(Sources.MAIN).forEach(file -> packages.add(Sources.packageOf(file)));
        packages.forEach(name -> assertTrue(Files.exists(Sources.MAIN.resolve(name).resolve("package-info.java")), name));
        packages.remove("");
        assertEquals(new TreeSet<>(MAY_USE.keySet()), packages);
    }

    /** By package what it uses besides itself; the root's left out. */
    private static Map<String, Set<String>> uses() {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (Path file : Sources.java(Sources.MAIN)) {
            String from = Sources.packageOf(file);
            Matcher names = OURS.matcher(Sources.code(Sources.text(file)));
            Set<String> found = from.isEmpty() ? new TreeSet<>() : uses.computeIfAbsent(from, key -> new TreeSet<>());
            while (names.find()) {
                if (!names.group(1).equals(from)) {
                    found.add(names.group(1));
                }
            }
        }
        return uses;
    }

    private static List<String> places(Pattern name, java.util.function.Predicate<Path> where) {
        List<String> places = new ArrayList<>();
        for (Path file : Sources.java(Sources.MAIN)) {
            String code = Sources.code(Sources.text(file));
            Matcher names = name.matcher(code);
            while (where.test(file) && names.find()) {
                places.add(file + ":" + Sources.line(code, names.start()) + " " + names.group());
            }
        }
        return places;
    }
}
