package io.natsjob.cron;

import java.util.Random;

/** Valid six-field texts, the same for the same seed. */
final class RandomCron {
    private static final String[] STARS = {"*", "?", "*/1"};
    private static final int[] MIN = {0, 0, 0, 1, 1, 0};
    private static final int[] MAX = {59, 59, 23, 31, 12, 6};
    private final Random random;

    RandomCron(Random random) {
        this.random = random;
    }

    /** Hours lean to the first five of the day, where zones change; dates are often open. */
    String fields() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            boolean open = i >= 3 && random.nextInt(10) < 8;
            text.append(i == 0 ? "" : " ").append(open ? STARS[random.nextInt(3)] : field(i));
        }
        return text.toString();
    }

    private String field(int i) {
        StringBuilder items = new StringBuilder(item(i));
        while (random.nextInt(3) == 0) {
            items.append(',').append(item(i));
        }
        return items.toString();
    }

    private String item(int i) {
        int top = i == 2 && random.nextBoolean() ? 4 : MAX[i];
        int low = MIN[i] + random.nextInt(top - MIN[i] + 1);
        int high = low + random.nextInt(MAX[i] - low + 1);
        return switch (random.nextInt(6)) {
            case 0 -> "*/" + (1 + random.nextInt(MAX[i]));
            case 1 -> low + "-" + high;
            case 2 -> low + "-" + high + "/" + (1 + random.nextInt(5));
            case 3 -> low + "/" + (1 + random.nextInt(MAX[i]));
            default -> Integer.toString(low);
        };
    }
}
