/** True for names of Dockerfiles: `Dockerfile`, `Dockerfile.prod`, `api.Dockerfile`, `Containerfile`. */
export function isDockerfileName(name: string): boolean {
  return (
    /^(?:dockerfile|containerfile)(?:[._-].+)?$|\.(?:dockerfile|containerfile)$/i.test(name) &&
    !/\.(?:dockerignore|md|txt|py|sh|j2|tmpl|yml|yaml|template|orig|bak)$/i.test(name)
  );
}
