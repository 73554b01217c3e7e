export { examine, type Check } from "./examine";
export { ensureDocker, expectDocker, type DockerEngine } from "./docker";
export { ensureImages, type ImageRefs } from "./images";
export { findSource, type Source } from "./source";
export { ensureToolchain, type Toolchain } from "./toolchain";
