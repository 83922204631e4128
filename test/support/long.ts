/** Whether all cases run and not a sample of them: `npm run test:long`. */
export const isLong = process.env.LONG_TESTS !== undefined;
