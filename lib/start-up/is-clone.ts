/** Whether this code is the TypeScript of a clone, and not what is compiled for the npm package. */
export const isClone = import.meta.filename.endsWith(".ts");
