/** The Pulumi.yaml of a folder that uses the npm package: both engines find the program and the provider in it. */
export const newProjectText = `# Written by "npx registry-kit init". The settings of a stack are in stacks/Pulumi.STACK.yaml.
name: registry-kit
description: A private Docker registry with TLS, users, storage and trust.
main: node_modules/registry-kit/stacks/main.js
stackConfigDir: stacks
runtime:
  name: nodejs
  options:
    typescript: false
    nodeargs: --allow-natives-syntax --require ./before-sdk.cjs
plugins:
  providers:
    - name: registry-kit
      path: node_modules/registry-kit/provider
`;
