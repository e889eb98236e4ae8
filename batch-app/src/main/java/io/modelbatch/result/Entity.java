package io.modelbatch.result;

/**
 * A part of a text that a model found to be something.
 *
 * @param entity its label
 * @param score the model's confidence, 0 to 1
 * @param start where it begins in the text, in Unicode code points from 0
 * @param end where it ends, exclusive
 * @param word its text
 */
public record Entity(String entity, double score, long start, long end, String word) {}
