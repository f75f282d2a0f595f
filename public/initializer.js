// Hands trunk's loader to the loading block, which must already be there when modules cannot run at all.
export default () => window.conclaveLoading;
