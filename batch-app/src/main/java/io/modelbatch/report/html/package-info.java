/** HTML pages with tables and charts in inline SVG, which need no network and no script. Knows nothing of runs. */
@NullMarked
package io.modelbatch.report.html;

import org.jspecify.annotations.NullMarked;
