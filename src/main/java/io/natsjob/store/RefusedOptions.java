package io.natsjob.store;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Options that are dangerous and refused by name with the reason. Security does not rest on this table: what is in no rule is
 * refused too. It only tells people why.
 */
final class RefusedOptions {
    /** Options as their drivers spell them, by what they do; the words follow "it". */
    static final Map<String, List<String>> BY_REASON = byReason();
    /** What the option does, by its name in lower case. */
    static final Map<String, String> REASONS = reasons();

    private RefusedOptions() {}

    private static Map<String, List<String>> byReason() {
        Map<String, List<String>> reasons = new LinkedHashMap<>();
        put(reasons, "loads a class",
                """
                socketFactory socketFactoryArg sslfactory sslfactoryarg sslhostnameverifier sslpasswordcallback
                authenticationPluginClassName authenticationPlugins defaultAuthenticationPlugin disabledAuthenticationPlugins
                propertiesTransform queryInterceptors statementInterceptors exceptionInterceptors
                connectionLifecycleInterceptors logger profilerEventHandler clientInfoProvider loadBalanceStrategy
                haLoadBalanceStrategy ha.loadBalanceStrategy loadBalanceExceptionChecker queryInfoCacheFactory
                parseInfoCacheFactory serverConfigCacheFactory xmlFactoryFactory sspiServiceClass customFilter
                customHttpSocketFactory keyManagerFactoryProvider trustManagerFactoryProvider keyStoreProvider
                sslContextProvider authenticationOpenidConnectCallbackHandler authenticationWebAuthnCallbackHandler
                connectionAttributesProvider openTelemetry localEncryptEngine localEncrypt
                """);
        put(reasons, "makes objects of what a server sends",
                """
                autoDeserialize
                """);
        put(reasons, "lets a server read files of this machine",
                """
                allowLoadLocalInfile allowLoadLocalInfileInPath allowAllFiles allowLocalInfile
                """);
        put(reasons, "lets a server fetch remote data",
                """
                allowUrlInLocalInfile
                """);
        put(reasons, "reads a file; certificates are checked against Java's trust store (-Djavax.net.ssl.trustStore=...)",
                """
                sslrootcert sslcert sslkey sslcrl sslcrldir sslpassword serverSslCert trustStore keyStore
                trustCertificateKeyStoreUrl trustCertificateKeyStoreType trustCertificateKeyStorePassword
                clientCertificateKeyStoreUrl clientCertificateKeyStoreType clientCertificateKeyStorePassword
                serverRSAPublicKeyFile serverPubKey sslFilesPath sslKeystorePass
                """);
        put(reasons, "reads a file",
                """
                passfile service servicefile useConfigs ociConfigFile ociConfigProfile idTokenFile dmSvcConf svcConfPath
                cipherPath kerberosLoginConfPath loginCertificate feFilePath feMode unixSocketFile
                """);
        put(reasons, "writes a file",
                """
                loggerFile loggerLevel logDir logLevel statDir statEnable sslkeylogfile dumpQueriesOnException profileSQL
                logSlowQueries autoGenerateTestcaseScript
                """);
        put(reasons, "takes a login from elsewhere; user and password stand in the URL",
                """
                jaasApplicationName jaasLogin gsslib gssencmode gssUseDefaultCreds useSpnego kerberosServerName krbsrvname
                krbspn osAuthType uKeyName uKeyPin ldapServerHostname password1 password2 password3
                """);
        put(reasons, "runs SQL or sets what natsjob sets itself",
                """
                sessionVariables options sql_mode initSQL connectionInitSql
                """);
        put(reasons, "weakens the protection of the password",
                """
                allowCleartextPasswords allowOldPasswords allowFallbackToPlaintext
                """);
        put(reasons, "leads elsewhere than the URL says",
                """
                localSocketAddress hostaddr replication GWDSN addressRemap userRemap proxyClient socksProxyHost socksProxyPort
                socksProxyRemoteDns url serverAffinityOrder
                """);
        return reasons;
    }

    private static void put(Map<String, List<String>> reasons, String reason, String names) {
        reasons.put(reason, List.of(names.strip().split("\\s+")));
    }

    private static Map<String, String> reasons() {
        Map<String, String> reasons = new TreeMap<>();
        BY_REASON.forEach((reason, names) -> names.forEach(name -> reasons.put(name.toLowerCase(Locale.ROOT), reason)));
        return reasons;
    }
}
