/**
 * Clocks, the timing wheel, and the one loop that every background duty runs in. Nothing here knows jobs. Time is handed in
 * as a {@link io.natsjob.time.Clock}, so that tests tick instead of sleeping.
 */
package io.natsjob.time;
