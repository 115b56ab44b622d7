/** What torch brings for a GPU beside its own wheel. */
export const COMPANION: RegExp = /^(?:nvidia-|cuda-|triton(?:-rocm|-xpu)?$|pytorch-triton)/;
