/** What we use of a package that comes without types. */
declare module '@pushcorn/hocon-parser' {
  const parser: { parse(source: { readonly text: string }): Promise<unknown> }
  export default parser
}
