/**
 * The interface of step types. Those of this project and those in jars of users implement it in the same way. Imports no feature
 * beyond the tables and buckets that every step may write.
 */
@NullMarked
package io.modelbatch.extension;

import org.jspecify.annotations.NullMarked;
