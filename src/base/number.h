/* Doubles and decimal digits: both directions exact, and independent of the process's locale. */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include "base/slice.h"

enum {
  NUMBER_DIGITS = 20
};

/* The nearest double to [sign] digits ["." digits] ["e" [sign] digits], which the text must be. */
double number_to_double(Slice text);
/* The fewest digits that read back as the finite |f|, and where the point goes: 0.DIGITS x 10^point.
 * Returns how many; zero is one digit "0" with point 1. */
uint32_t number_digits(double f, char digits[NUMBER_DIGITS], int *point);
int number_hex_digit(char c); /* its value; -1: it is none */

#endif
