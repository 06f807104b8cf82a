package io.natsjob.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.SkipReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the pages say of the code is there, and what the code says of the pages. */
final class DocumentTest {
    private static final Path RULES = Path.of("docs/rules.md");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s#]+)(#[^)]*)?\\)");
    private static final Pattern CITED_PAGE = Pattern.compile("\\bdocs/[\\w.-]+\\.md\\b");
    private static final Pattern CITED_RULES = Pattern.compile("docs/rules\\.md (\\d+(?:(?:,| and| to) \\d+)*)");
    private static final Pattern RULE = Pattern.compile("(?m)^\\*\\*(\\d+)\\.");
    private static final Pattern ROUTE = Pattern.compile("Endpoint\\.(?:api|open)\\(\"([A-Z]+)\", (?:Endpoint\\.API \\+ )?\"/?([^\"]+)\"");
    private static final Pattern CLASS_NAME = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)(?:\\.\\w+)?`");

    @Test
    void relative_links_lead_to_a_file() {
        List<String> broken = new ArrayList<>();
        for (Path page : Sources.pages()) {
            Matcher links = LINK.matcher(Sources.text(page));
            while (links.find()) {
                String target = links.group(1);
                if (!target.matches("[a-z]+:.*") && !Files.exists(page.resolveSibling(target))) {
                    broken.add(page + " -> " + target);
                }
            }
        }
        assertEquals(List.of(), broken);
    }

    @Test
    void pages_that_the_sources_cite_are_there() {
        Set<String> missing = new TreeSet<>();
        for (Path file : sources()) {
            Matcher pages = CITED_PAGE.matcher(Sources.text(file));
            while (pages.find()) {
                if (!Files.exists(Path.of(pages.group()))) {
                    missing.add(pages.group() + " in " + file);
                }
            }
        }
        assertEquals(Set.of(), missing);
    }

    @Test
    void rules_that_the_sources_cite_are_there_and_in_order() {
        List<Integer> rules = RULE.matcher(Sources.text(RULES)).results().map(match -> Integer.valueOf(match.group(1))).toList();
        assertEquals(Stream.iterate(1, n -> n + 1).limit(rules.size()).toList(), rules);
        Set<String> unknown = new TreeSet<>();
        int cited = 0;
        for (Path file : sources()) {
            Matcher citations = CITED_RULES.matcher(Sources.text(file).replaceAll("\\s+(\\*|//)?\\s*", " "));
            while (citations.find()) {
                for (String number : citations.group(1).split("\\D+")) {
                    cited++;
                    if (!rules.contains(Integer.valueOf(number))) {
                        unknown.add(number + " in " + file);
                    }
                }
            }
        }
        assertEquals(Set.of(), unknown);
        assertTrue(cited > 50, "only " + cited + " citations were found");
    }

    @Test
    void classes_that_the_pages_name_are_there() {
        Set<String> classes = sources().stream().map(file -> file.getFileName().toString().replace(".java", "")).collect(Collectors.toSet());
        List<String> missing = new ArrayList<>();
        for (String page : List.of("docs/rules.md", "docs/architecture.md", "docs/decisions.md")) {
            Matcher names = CLASS_NAME.matcher(Sources.text(Path.of(page)));
            while (names.find()) {
                if (!classes.contains(names.group(1))) {
                    missing.add(page + ": " + names.group());
                }
            }
        }
        assertEquals(List.of(), missing);
    }

    @Test
    void every_route_is_described() {
        String page = Sources.text(Path.of("docs/api.md"));
        List<String> missing = new ArrayList<>();
        int routes = 0;
        for (Path file : Sources.java(Sources.MAIN.resolve("web"))) {
            Matcher found = ROUTE.matcher(Sources.text(file));
            while (found.find()) {
                routes++;
                Pattern route = Pattern.compile("`" + found.group(1) + " " + Pattern.quote(found.group(2).replace("runs/{id}", "runs/{taskId}")) + "`");
                if (!route.matcher(page).find()) {
                    missing.add(found.group(1) + " " + found.group(2));
                }
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(routes >= 26, "only " + routes + " routes were found");
    }

    @Test
    void every_reason_of_a_skip_is_explained() {
        String page = Sources.text(Path.of("docs/architecture.md"));
        List<String> missing = Stream.of(SkipReason.values()).map(SkipReason::word).filter(word -> !page.contains("| `" + word + "` |")).toList();
        assertEquals(List.of(), missing);
    }

    private static List<Path> sources() {
        return Stream.concat(Sources.java(Sources.MAIN).stream(), Sources.java(Sources.TEST).stream()).toList();
    }
}
