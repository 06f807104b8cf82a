package io.natsjob.config;

import java.util.List;
import java.util.Map;

/**
 * What one source gives.
 *
 * @param source its name for people
 * @param texts known names and their texts as they stand there
 * @param warnings one line each
 * @param problems one line each; any of them forbids a start
 */
record Layer(String source, Map<String, String> texts, List<String> warnings, List<String> problems) {
    static Layer empty(String source) {
        return new Layer(source, Map.of(), List.of(), List.of());
    }

    static Layer failed(String source, String problem) {
        return new Layer(source, Map.of(), List.of(), List.of(problem));
    }

    @Override
    public String toString() {
        return "Layer[" + source + ", " + texts.size() + " settings]";
    }
}
